"""The control API: everything a test needs to set the stage and to ask what really happened."""
