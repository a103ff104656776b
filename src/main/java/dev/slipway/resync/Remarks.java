package dev.slipway.resync;

import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.SqlFile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What should be known before schemas are emptied, of things that lie in none of them:
/// publications, subscriptions, large objects, casts.
public final class Remarks {
  private Remarks() {}

  /// A sentence for each.
  public static List<String> of(Session session, List<Identifier> schemas) throws SQLException {
    List<String> remarks = new ArrayList<>();
    String sql = SqlFile.read(Remarks.class, "remarks.sql");
    for (Row row : session.query(sql, Contents.joined(schemas))) {
      remarks.add(row.text(0));
    }
    return remarks;
  }
}
