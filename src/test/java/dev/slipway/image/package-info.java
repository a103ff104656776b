/// Makes the start-up cache and the container image, for `scripts/build` and `scripts/image`, and
/// tests them.
@NullMarked
package dev.slipway.image;

import org.jspecify.annotations.NullMarked;
