"""What the list of spells says: how long trusts stayed, who left and came back, what others have counted."""
