/// What a release ships, what a database has, and what is therefore to be done. Pure: no I/O, no
/// SQL.
@NullMarked
package dev.slipway.migration;

import org.jspecify.annotations.NullMarked;
