package dev.vramcast.catalog.source;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;

/** What a text that names no model tells of why. */
record UnknownName(ModelCatalog catalog) {

  /** The error with what the text tells, where it does. */
  InputError explained(InputError error, String text) {
    return OtherModels.reason(text)
        .map(error::hint)
        .orElseGet(() -> ofSentence(error, catalog.spokenWithin(text)));
  }

  private static InputError ofSentence(InputError error, List<String> names) {
    if (names.isEmpty()) {
      return error;
    }
    if (names.size() > 1) {
      return error.hint(
          "'", String.join("', '", names), "' in it name models, of which one is asked for");
    }
    return error.hint(
        "only '",
        names.get(0),
        "' in it names a model, and the rest is said by ",
        JobKey.METHOD,
        ", ",
        JobKey.GPU,
        ", ",
        JobKey.SEQUENCE_LENGTH,
        " and their like");
  }
}
