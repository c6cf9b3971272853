package dev.vramcast.server;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.record.Describes;

/** That the server answers. */
@Describes("That the server answers.")
record HealthRecord(@Describes("Version of the program.") String vramcastVersion) {

  public static final String STATUS = "ok";

  static HealthRecord now() {
    return new HealthRecord(Version.current());
  }
}
