quoted-comment = Comment
quotes-in-answer = Your answer quotes
