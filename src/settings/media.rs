//! `[media]`: pictures, where they are kept and how much of them is taken.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::{ByteSize, Secret, Span};

/// Pictures: where they are kept, and how many and how large ones are taken.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// Where uploaded pictures are kept: `disk` for `media` in `server.data_dir`, `s3` for a
    /// bucket that speaks S3.
    #[schemars(extend("x-reload" = "restart"))]
    pub storage: Storage,
    /// The address of the S3 service, such as `https://s3.example`. It may be on a private network.
    #[schemars(extend("x-reload" = "restart"))]
    pub s3_endpoint: String,
    /// The bucket. It need not be public: the hub fetches what it shows.
    #[schemars(extend("x-reload" = "restart"))]
    pub s3_bucket: String,
    /// The region of the bucket.
    #[schemars(extend("x-reload" = "restart"))]
    pub s3_region: String,
    /// Whether the bucket is part of the path (`https://s3.example/bucket`), as with most services
    /// besides Amazon's, or of the name (`https://bucket.s3.example`).
    #[schemars(extend("x-reload" = "restart"))]
    pub s3_path_style: bool,
    /// The id of the access key.
    #[schemars(extend("x-reload" = "restart"))]
    pub s3_key: String,
    /// The secret of the access key.
    #[schemars(extend("x-reload" = "restart", "x-secret" = true))]
    pub s3_secret: Secret,
    /// The largest picture that is taken, uploaded or from elsewhere.
    #[schemars(extend("x-min" = "64 KiB", "x-max" = "64 MiB"))]
    pub picture_limit: ByteSize,
    /// The most pixels of a picture, across times down.
    #[schemars(range(min = 1_000_000, max = 400_000_000))]
    pub pixel_limit: u32,
    /// Pictures that are wider or higher than so many pixels are made smaller.
    #[schemars(range(min = 512, max = 16_384))]
    pub longest_side: u32,
    /// The most pictures of one post or comment written here.
    #[schemars(range(min = 1, max = 16))]
    pub pictures_per_post: u32,
    /// How much one person's pictures may take up, as the hub keeps them.
    #[schemars(extend("x-min" = "1 MiB", "x-max" = "1024 GiB"))]
    pub person_quota: ByteSize,
    /// How many pictures one person may upload within an hour.
    #[schemars(range(min = 1, max = 10_000))]
    pub uploads_per_hour: u32,
    /// How long an uploaded picture that nothing shows is kept.
    #[schemars(extend("x-min" = "10m", "x-max" = "30d"))]
    pub unused_retention: Span,
    /// How long the pictures of a deleted or removed post are kept, shown to nobody, in case it is
    /// taken back. Those of a deleted account go at once.
    #[schemars(extend("x-min" = "0s", "x-max" = "365d"))]
    pub deleted_retention: Span,
    /// How many pictures are decoded at once, each in a process of its own.
    #[schemars(extend("x-reload" = "restart"), range(min = 1, max = 64))]
    pub decoders: u32,
    /// How much memory such a process may use; a picture that needs more is refused.
    #[schemars(extend("x-min" = "64 MiB", "x-max" = "8 GiB"))]
    pub decoder_memory: ByteSize,
    /// How long it may take; after that it is killed, and the picture refused.
    #[schemars(extend("x-min" = "1s", "x-max" = "2m"))]
    pub decoder_timeout: Span,
    /// How much room pictures of other servers may take up on this disk. Visitors see them by way
    /// of the hub, so that no other server learns of them; the oldest make room for new ones.
    #[schemars(extend("x-min" = "1 MiB", "x-max" = "1024 GiB"))]
    pub cache_size: ByteSize,
    /// How long a picture of another server is kept before it is fetched anew.
    #[schemars(extend("x-min" = "1h", "x-max" = "365d"))]
    pub cache_retention: Span,
}

/// Where uploaded pictures are kept.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// In the data directory.
    Disk,
    /// In a bucket that speaks S3.
    S3,
}

impl Default for Media {
    fn default() -> Self {
        Self {
            storage: Storage::Disk,
            s3_endpoint: String::new(),
            s3_bucket: String::new(),
            s3_region: "us-east-1".to_owned(),
            s3_path_style: true,
            s3_key: String::new(),
            s3_secret: Secret::default(),
            picture_limit: ByteSize::from_mib(10),
            pixel_limit: 40_000_000,
            longest_side: 4_096,
            pictures_per_post: 4,
            person_quota: ByteSize::from_mib(1_024),
            uploads_per_hour: 60,
            unused_retention: Span::from_hours(24),
            deleted_retention: Span::from_hours(7 * 24),
            decoders: 2,
            decoder_memory: ByteSize::from_mib(256),
            decoder_timeout: Span::from_seconds(10),
            cache_size: ByteSize::from_mib(1_024),
            cache_retention: Span::from_hours(30 * 24),
        }
    }
}
