DROP TABLE link_previews;
DROP TABLE post_links;
