package dev.vramcast.sweep.rows;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.input.text.BoundedText;
import dev.vramcast.input.text.TextLines;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.SweepResult;
import dev.vramcast.sweep.SweepRow;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Job documents, one a line; or cases, which have theirs under {@code job}. */
public final class JsonRows implements RawRows {

  private static final String JOB = "job";

  private final String source;
  private final TextLines lines;

  public JsonRows(Path file) throws IOException {
    source = BoundedText.name(file);
    lines = TextLines.of(file);
  }

  @Override
  public @Nullable RawRow next() throws IOException {
    TextLines.Line line = lines.row();
    while (line != null && line.fault().isEmpty() && line.text().isBlank()) {
      line = lines.row();
    }
    return line == null ? null : new JsonRow(Place.of(source, line.number()), line);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private record JsonRow(Place.Line place, TextLines.Line line) implements RawRow {

    @Override
    public int bytes() {
      return line.text().length();
    }

    @Override
    public SweepResult estimate(RowEstimator estimator) {
      try {
        return estimator.estimate(SweepRow.of(job()));
      } catch (InputException e) {
        return estimator.refuse(e);
      }
    }

    private JobDocument job() {
      if (!line.fault().isEmpty()) {
        throw InputError.of(line.fault()).kind(ErrorKind.MALFORMED).at(place).refusal();
      }
      Node root = NodeParser.parse(line.text(), place);
      if (!(root instanceof Node.Fields fields)) {
        throw InputError.of("holds no object")
            .kind(ErrorKind.MALFORMED)
            .at(root.place(place.source()).within(place))
            .allowed("a job document")
            .refusal();
      }
      Node given = fields.fields().getOrDefault(JOB, root);
      if (given instanceof Node.Fields job) {
        return JobDocumentReader.read(job, place);
      }
      throw InputError.about(new Subject.Item(JOB))
          .kind(ErrorKind.MALFORMED)
          .at(given.place(place.source()).within(place))
          .and(" holds no object")
          .allowed("a job document")
          .refusal();
    }
  }
}
