package dev.vramcast.sweep.rows;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.formats.tree.BoundedText;
import dev.vramcast.formats.tree.Node;
import dev.vramcast.formats.tree.NodeParser;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.SweepResult;
import dev.vramcast.sweep.SweepRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Job documents, one a line; or cases, which have theirs under {@code job}. */
public final class JsonRows implements RawRows {

  private static final String JOB = "job";

  private final String source;
  private final BoundedLines lines;

  public JsonRows(Path file) throws IOException {
    source = BoundedText.name(file);
    lines = new BoundedLines(file);
  }

  @Override
  public @Nullable RawRow next() throws IOException {
    BoundedLines.Line line = lines.next();
    while (line != null && line.fault().isEmpty() && line.text().isBlank()) {
      line = lines.next();
    }
    return line == null ? null : new JsonRow(source + " line " + line.number(), line);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private record JsonRow(String origin, BoundedLines.Line line) implements RawRow {

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
        throw new InputException(origin + ": " + line.fault());
      }
      Node root = parsed();
      if (!(root instanceof Node.Fields fields)) {
        throw new InputException(origin + ": holds no object, allowed: a job document");
      }
      if (fields.fields().getOrDefault(JOB, root).value() instanceof Map<?, ?> job) {
        return JobDocumentReader.read(strings(job), origin);
      }
      throw new InputException(origin + ": job holds no object, allowed: a job document");
    }

    /** Each line is a document of its own, so the line inside it says nothing. */
    private Node parsed() {
      try {
        return NodeParser.parse(line.text(), origin);
      } catch (InputException e) {
        throw new InputException(e.getMessage().replace(origin + " line 1", origin), e);
      }
    }

    @SuppressWarnings("unchecked") // the keys of a parsed object are text
    private static Map<String, ?> strings(Map<?, ?> map) {
      return (Map<String, ?>) map;
    }
  }
}
