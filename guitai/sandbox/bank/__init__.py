"""A bank: takes orders from the wallet, lets payers pay, sends signed notices, and errs when told to."""
