DROP TABLE hub_secrets;
DROP TABLE media;
