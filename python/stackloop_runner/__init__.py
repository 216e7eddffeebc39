"""Runs one hook or command of a stacklet in this process, at its real path, with everything it may ask of `stack`."""
