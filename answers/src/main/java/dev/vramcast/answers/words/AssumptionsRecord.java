package dev.vramcast.answers.words;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.core.input.Remark;
import java.util.List;
import java.util.Optional;

/** What an answer takes for granted: as sentences, and what each follows from. */
public record AssumptionsRecord(
    @Describes(Meaning.ASSUMPTIONS) List<String> assumptions,
    @Describes(Meaning.ABOUT) List<Optional<String>> assumptionsAbout)
    implements Inline {

  /** Those of an answer. */
  public static AssumptionsRecord of(List<Remark> remarks) {
    return new AssumptionsRecord(Remark.sentences(remarks), about(remarks));
  }

  /** The settings that remarks follow from, as JSON calls them. */
  public static List<Optional<String>> about(List<Remark> remarks) {
    return remarks.stream()
        .map(
            remark ->
                remark.about().map(setting -> ProgramWords.ALL.name(setting, Optional.empty())))
        .toList();
  }
}
