package dev.vramcast.answers.text;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.core.range.Verdict;
import java.util.List;

/** {@link NotModelled} for programs. */
@Describes("The verdict on a job that nobody can put figures to yet, without any figure.")
public record NotModelledRecord(
    @Describes("Always not_modelled.") Verdict verdict,
    @Describes("What of the job is not modelled; no figure is given in its place.") String reason,
    @Describes(Meaning.WARNINGS) List<String> warnings) {

  public static final String KIND = "not_modelled";
}
