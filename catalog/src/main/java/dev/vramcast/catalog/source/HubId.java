package dev.vramcast.catalog.source;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a repository on the Hub, safe to be put into a path or an address.
 *
 * @param value {@code owner/name}, or {@code name} alone for the oldest models
 */
record HubId(String value) {

  private static final Subject REVISION_OPTION = new Subject.Flag("--revision");

  private static final Pattern FORM =
      Pattern.compile("(?:[A-Za-z0-9][\\w.-]{0,95}/)?[A-Za-z0-9][\\w.-]{0,95}");
  private static final Pattern VERSION_BEHIND = Pattern.compile("[-_]v?\\d+(?:\\.\\d+)*$");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][\\w./-]{0,200}");

  /** The id that a text is, or empty when it cannot be one. */
  static Optional<HubId> of(String text) {
    boolean fits = FORM.matcher(text).matches() && !text.contains("..") && !text.contains("--");
    return fits ? Optional.of(new HubId(text)) : Optional.empty();
  }

  boolean hasOwner() {
    return value.indexOf('/') >= 0;
  }

  /**
   * Whether it may be what somebody called a model of their own, such as {@code whisper-small-hi}:
   * a version behind a name without an owner is its maker's, or a slip.
   */
  boolean isSomebodys() {
    return hasOwner() || !VERSION_BEHIND.matcher(value).find();
  }

  /** Its folder in a cache, in the Hub's own notation. */
  String folder() {
    return "models--" + value.replace("/", "--");
  }

  /** A revision that can be put into a path or an address. */
  static String checkedRevision(String revision) {
    if (!REVISION.matcher(revision).matches()
        || revision.contains("..")
        || revision.contains("//")) {
      throw InputError.about(REVISION_OPTION)
          .is(revision)
          .allowed("a branch, tag or commit")
          .refusal();
    }
    return revision;
  }
}
