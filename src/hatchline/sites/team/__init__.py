"""Who works in an institution and who its mentors are: tables and forms, mounted by console and desk."""
