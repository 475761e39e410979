// III
