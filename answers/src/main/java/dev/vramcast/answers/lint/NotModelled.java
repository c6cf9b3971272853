package dev.vramcast.answers.lint;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Profile;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a training file an estimate refuses as not modelled, on whatever card. */
final class NotModelled {

  /** What an answer reads or looks up beside the file. */
  private static final List<JobKey> BESIDE =
      List.of(JobKey.DATA_FILE, JobKey.LENGTHS, JobKey.TOKENIZER, JobKey.GPU);

  private NotModelled() {}

  /**
   * The reading with such findings. A file that an estimate refuses for another reason, or whose
   * model this machine does not know, has none.
   *
   * @param over what is said beside the file
   */
  static Reading noted(Reading reading, Call call, JobDocument over) {
    List<Finding> findings = new ArrayList<>(reading.findings());
    for (Gap gap : gaps(reading, call, over)) {
      findings.add(finding(reading.file(), gap.refusal().notice()));
    }
    return findings.size() == reading.findings().size() ? reading : reading.with(findings);
  }

  private static List<Gap> gaps(Reading reading, Call call, JobDocument over) {
    try {
      JobDocument document =
          reading
              .under(over)
              .without(BESIDE)
              .with(JobKey.PROFILE, Profile.BARE, new Place.Chosen("a file is given"));
      EstimateRequest request = new EstimateRequest(document, offline(call.sources()), call.gpus());
      request.refuseImpossible(request.settle());
    } catch (UnsupportedJobException e) {
      return e.gaps();
    } catch (InputException e) {
      return List.of();
    }
    return List.of();
  }

  /** Whoever looks a file over waits for no network. */
  private static Sources offline(Sources sources) {
    return sources instanceof Sources.Files files
        ? new Sources.Files(files.folder(), files.revision(), Network.FORBIDDEN)
        : new Sources.NamesOnly(sources.revision(), Network.FORBIDDEN);
  }

  private static Finding finding(String file, Notice notice) {
    Optional<Place.Line> at =
        notice.place().filter(Place.Line.class::isInstance).map(Place.Line.class::cast);
    return new Finding(
        FindingCode.NOT_MODELLED,
        at.map(Place.Line::source).orElse(file),
        at.map(line -> new Mark((int) line.line(), line.column())).orElse(Mark.NONE),
        at.map(Place.Line::key).orElse(""),
        "",
        notice.sentence());
  }
}
