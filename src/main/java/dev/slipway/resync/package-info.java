/// Empties the schemas of a release that cannot go on top of what is there, and says beforehand
/// what would be lost.
@NullMarked
package dev.slipway.resync;

import org.jspecify.annotations.NullMarked;
