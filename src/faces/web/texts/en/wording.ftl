quoted-comment = Comment
quotes-in-answer = Your answer quotes
edit-standing = What stands there now
