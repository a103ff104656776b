/// What several tests share: servers, databases, randomness.
@NullMarked
package dev.slipway.testing;

import org.jspecify.annotations.NullMarked;
