/// The database's memory: Entity Framework's history table, our journal beside it, where both are
/// found, and the locks that keep runs apart.
@NullMarked
package dev.slipway.history;

import org.jspecify.annotations.NullMarked;
