package dev.vramcast.core.job.document;

import dev.vramcast.core.input.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds the key a user probably meant. */
final class UnknownKey {

  private UnknownKey() {}

  private static final int SHORTEST = 3;

  /** The known path that trainers call so: of several, that of the section where it stands. */
  static Optional<String> called(String unknown, Collection<String> known) {
    return TrainerNames.find(unknown)
        .map(JobKey::path)
        .map(
            path ->
                Optional.of(section(unknown) + last(path)).filter(known::contains).orElse(path));
  }

  /** The known path that is near, if there is one. */
  static Optional<String> near(String unknown, Collection<String> known) {
    // A key in the wrong section is far from its path by edit distance, so its last part decides.
    return withLastPart(last(unknown), unknown, known)
        .or(() -> nearest(unknown, known))
        .or(() -> nearLastPart(unknown, known));
  }

  /** Of several keys with the same last part, the one whose section is nearest. */
  private static Optional<String> withLastPart(
      String part, String unknown, Collection<String> known) {
    List<String> same = known.stream().filter(path -> last(path).equals(part)).sorted().toList();
    return NearestName.of(unknown, same).or(() -> same.stream().findFirst());
  }

  private static Optional<String> nearLastPart(String unknown, Collection<String> known) {
    return nearest(last(unknown), known.stream().map(UnknownKey::last).sorted().toList())
        .flatMap(part -> withLastPart(part, unknown, known));
  }

  /** Every short word is near one of two letters, so such a hint would be noise. */
  private static Optional<String> nearest(String unknown, Collection<String> known) {
    return last(unknown).length() < SHORTEST ? Optional.empty() : NearestName.of(unknown, known);
  }

  /** With its dot; empty at the top. */
  private static String section(String path) {
    return path.substring(0, path.lastIndexOf('.') + 1);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
