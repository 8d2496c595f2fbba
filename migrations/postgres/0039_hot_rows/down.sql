ALTER TABLE comments
  ADD CONSTRAINT comments_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id),
  ADD CONSTRAINT comments_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES comments (id),
  ADD CONSTRAINT comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES actors (id);
ALTER TABLE votes ADD CONSTRAINT votes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES actors (id);
