"""What a teacher sees and does: the library, one presentation, the form, search."""
