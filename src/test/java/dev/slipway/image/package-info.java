/// Makes the start-up cache and the container image; `scripts/build` and `scripts/image` call it.
@NullMarked
package dev.slipway.image;

import org.jspecify.annotations.NullMarked;
