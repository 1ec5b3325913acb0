"""Pure decisions of the room care: no Django, no database, no clock of their own."""
