"""UnionPay's online gateway, simulated: real messages, real signatures, certificates of an authority of its own."""
