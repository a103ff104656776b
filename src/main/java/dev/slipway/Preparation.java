package dev.slipway;

import java.security.GeneralSecurityException;
import java.util.logging.Logger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes ready, beside a run that reads its settings and changelogs, what pgjdbc asks the platform
/// for when it connects: its first logger, for which the platform looks into every jar of the class
/// path, and what a login by password (SCRAM) computes thousands of times with, compiled.
final class Preparation implements Runnable {
  private static final String HMAC = "HmacSHA256";

  /// More calls than the JVM's first compiler waits for (`Tier3MinInvocationThreshold`).
  private static final int UNTIL_COMPILED = 128;

  private Preparation() {}

  /// Does not wait for its end, and nothing has to.
  static void begin() {
    var thread = new Thread(new Preparation(), "slipway-preparation");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      Logger.getLogger("org.postgresql").getLevel();
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(new byte[mac.getMacLength()], HMAC));
      for (int i = 0; i < UNTIL_COMPILED; i++) {
        mac.doFinal();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
