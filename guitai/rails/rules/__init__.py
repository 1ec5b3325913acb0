"""Pure decisions of the room: no Django, no database, no clock of their own."""
