package dev.slipway.history;

import java.time.Duration;

/// The session that holds a lock, as far as the server lets us see it.
///
/// @param pid its backend
/// @param user empty where rights do not allow to see it; so are application, address and query
/// @param age how long its transaction or statement has been going on
public record LockHolder(
    int pid, String user, String application, String address, Duration age, String query) {

  /// One line for people: who it is, since when, and what it does.
  public String text() {
    var text = new StringBuilder("pid ").append(pid);
    if (!application.isEmpty() || !user.isEmpty()) {
      text.append(" (").append(application.isEmpty() ? "unnamed" : application);
      text.append(user.isEmpty() ? "" : ", user " + user);
      text.append(address.isEmpty() ? "" : ", from " + address).append(')');
    }
    if (!age.isZero()) {
      text.append(" for ").append(age.toSeconds()).append(" s");
    }
    if (!query.isEmpty()) {
      text.append(": ").append(query);
    }
    return text.toString();
  }
}
