"""The emergency screen: everything about a stolen wallet in one place, with the verbs that stop it."""
