package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Says which values of a job are defaults of functions that nothing in the program calls. */
final class TakenDefaults {

  private TakenDefaults() {}

  /** What a reader makes of a file, with an assumption for each such value. */
  static Reading read(TrainingFile file, Function<TrainingFile, Reading> reader) {
    Optional<Node> defaults = Optional.ofNullable(file.root().fields().get(TrainingFile.DEFAULTS));
    if (defaults.isEmpty() || !(defaults.get() instanceof Node.Items taken)) {
      return reader.apply(file);
    }
    Map<String, Node> rest = new LinkedHashMap<>(file.root().fields());
    rest.remove(TrainingFile.DEFAULTS);
    Reading reading = reader.apply(file.withRoot(new Node.Fields(rest, file.root().mark())));
    Set<Finding> findings = new LinkedHashSet<>(reading.findings());
    JobDocument document = reading.document();
    for (Node each : taken.items()) {
      List<String> names =
          ((Node.Items) each).items().stream().map(name -> String.valueOf(name.value())).toList();
      Finding finding = finding(file.name(), each, names);
      if (gives(reading.document(), Place.of(file.name(), each.line()), names.get(2))
          && findings.add(finding)) {
        Notice notice = finding.notice();
        Notice said = new Notice(notice.place(), notice.sentence().anywhere());
        document = document.with(new Remark(Optional.empty(), said));
      }
    }
    return reading.holding(document, new ArrayList<>(findings));
  }

  private static Finding finding(String file, Node at, List<String> names) {
    return Finding.of(
        FindingCode.ASSUMED,
        new Setting(file, names.get(1), new Node.Scalar(names.get(0), at.mark())),
        "nothing in the program calls ",
        names.get(0),
        ", so the default of its ",
        names.get(1),
        " is assumed");
  }

  /** Whether an argument gives the job a value; where it has no name, one of its line. */
  private static boolean gives(JobDocument document, Place.Line at, String argument) {
    return Stream.of(JobKey.values())
        .flatMap(key -> document.place(key).stream())
        .anyMatch(
            place ->
                place instanceof Place.Line from
                    && from.source().equals(at.source())
                    && from.line() == at.line()
                    && (from.key().endsWith(argument) || argument.matches("\\d+")));
  }
}
