package dev.vramcast.answers.memory;

import dev.vramcast.core.data.CountedLengths;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.QuantileLengths;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.dataset.DatasetLengths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How long the examples of a job are, and how that is known. */
public sealed interface DataLengths {

  LengthDistribution lengths();

  /** Where they come from, e.g. {@code 52002 examples of train.jsonl, in messages}. */
  String source();

  /** Examples of the data set, when they were counted. */
  OptionalLong examples();

  /** What is taken for granted. */
  List<Remark> assumptions();

  /** What a user should know. */
  List<Notice> warnings();

  /** As the job document gives them. */
  record Given(LengthDistribution lengths) implements DataLengths {

    @Override
    public String source() {
      return lengths instanceof CountedLengths counted
          ? JobKey.LENGTHS.path() + ", of " + counted.examples() + " examples"
          : JobKey.LENGTHS.path();
    }

    @Override
    public OptionalLong examples() {
      return OptionalLong.empty();
    }

    @Override
    public List<Remark> assumptions() {
      return lengths instanceof QuantileLengths
          ? List.of(
              Remark.about(
                  JobKey.LENGTHS,
                  "Between the given quantiles, lengths are taken to be spread evenly."))
          : List.of();
    }

    @Override
    public List<Notice> warnings() {
      return List.of();
    }
  }

  /**
   * As measured in a file.
   *
   * @param usualRate the characters of a token are the usual ones, as nobody said how many
   */
  record Measured(DatasetLengths data, boolean usualRate) implements DataLengths {

    @Override
    public LengthDistribution lengths() {
      return data.lengths();
    }

    @Override
    public String source() {
      return data.lengths().examples()
          + " examples of "
          + data.source().replaceFirst("^.*[/\\\\]", "")
          + ", in "
          + String.join(" or ", data.shapes());
    }

    @Override
    public OptionalLong examples() {
      return data.complete() ? OptionalLong.of(data.lengths().examples()) : OptionalLong.empty();
    }

    @Override
    public List<Remark> assumptions() {
      List<Remark> remarks = new ArrayList<>();
      data.charactersPerToken()
          .ifPresent(rate -> remarks.add(Remark.about(JobKey.CHARACTERS_PER_TOKEN, rate(rate))));
      if (!data.shapes().equals(List.of("input_ids"))) {
        remarks.add(
            Remark.about(
                JobKey.DATA_FILE,
                "Beside its text, an example has one token for its end, and 5 for each message of a"
                    + " conversation."));
      }
      return remarks;
    }

    private String rate(double rate) {
      String characters = Shown.value(Math.round(rate * 100) / 100.0);
      if (usualRate) {
        return "A token is taken to have "
            + characters
            + " characters, as in English; in code and other languages it has fewer, and examples"
            + " are longer.";
      }
      return "Tokens are guessed from " + characters + " characters each" + after();
    }

    private String after() {
      return data.byTokenizer()
          ? " behind the first part of the file, for which the tokenizer came to that."
          : ".";
    }

    @Override
    public List<Notice> warnings() {
      return data.complete()
          ? List.of()
          : List.of(
              Notice.of("is not read to its end, as it is very long; longer examples may follow")
                  .at(Optional.of(Place.of(data.source()))));
    }
  }
}
