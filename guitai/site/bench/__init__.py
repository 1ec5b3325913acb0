"""Measurements in scratch databases: the ledger, the whole till and HTTP, each beside what one would write instead.

Nothing here is used by the product. Importing a module of this package must not need Django unless its name is in
`child.WITH_DJANGO`: the textbook's clients and the load generator know only a database and a socket.
"""
