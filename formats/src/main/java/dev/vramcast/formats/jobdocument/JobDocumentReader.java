package dev.vramcast.formats.jobdocument;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.input.text.BoundedText;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads job documents.
 *
 * @param maxBytes files and texts above this size are refused
 */
public record JobDocumentReader(int maxBytes) {

  /** Far above any job written by hand, far below what could hurt. */
  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  private static final int DEEPEST = 40;

  public JobDocumentReader() {
    this(DEFAULT_MAX_BYTES);
  }

  /** Reads a file; one that ends in {@code .json} is JSON, any other YAML or JSON. */
  public JobDocument read(Path file) {
    return document(new BoundedText(maxBytes).of(file), file.toString());
  }

  /**
   * Reads YAML or JSON text.
   *
   * @param source names the text in messages, e.g. {@code job.yaml}
   */
  public JobDocument read(String text, String source) {
    return document(new BoundedText(maxBytes).checked(text, source), source);
  }

  private static JobDocument document(String content, String source) {
    return DocumentWalk.document(NodeParser.parse(content, source), Place.of(source));
  }

  /** Reads a document that some other reader parsed, such as the job of an accuracy case. */
  public static JobDocument read(Map<String, ?> parsed, Place.Line place) {
    return DocumentWalk.document(node(parsed, place, 0), place);
  }

  /**
   * The same with the columns of its keys.
   *
   * @param place of the line that it stands in
   */
  public static JobDocument read(Node.Fields parsed, Place.Line place) {
    return DocumentWalk.document(parsed, place);
  }

  private static Node node(Object value, Place.Line place, int depth) {
    if (depth > DEEPEST) {
      throw InputError.of("is nested more than ", DEEPEST, " levels deep")
          .kind(ErrorKind.MALFORMED)
          .at(place)
          .refusal();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Node> fields = new LinkedHashMap<>();
      map.forEach((key, item) -> fields.put(String.valueOf(key), node(item, place, depth + 1)));
      return new Node.Fields(fields, Mark.NONE);
    }
    if (value instanceof List<?> list) {
      List<Node> items = new ArrayList<>();
      list.forEach(item -> items.add(node(item, place, depth + 1)));
      return new Node.Items(items, Mark.NONE);
    }
    return new Node.Scalar(value, Mark.NONE);
  }
}
