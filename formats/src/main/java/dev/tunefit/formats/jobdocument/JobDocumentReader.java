package dev.tunefit.formats.jobdocument;

import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  public JobDocumentReader {
    if (maxBytes < 1 || maxBytes == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("maxBytes " + maxBytes);
    }
  }

  public JobDocumentReader() {
    this(DEFAULT_MAX_BYTES);
  }

  /** Reads a file; one that ends in {@code .json} is JSON, any other YAML or JSON. */
  public JobDocument read(Path file) {
    String source = Shown.oneLine(file.toString());
    return read(utf8(bytes(file, source), source), source);
  }

  /**
   * Reads YAML or JSON text.
   *
   * @param source names the text in messages, e.g. {@code job.yaml}
   */
  public JobDocument read(String text, String source) {
    // A character takes at least one byte, so this never refuses what a file of the size may hold.
    if (text.length() > maxBytes) {
      throw tooLong(source);
    }
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (content.isBlank()) {
      throw new InputException(source + ": is empty");
    }
    return DocumentWalk.document(NodeParser.parse(content, source), source);
  }

  /** Reads a document that some other reader parsed, such as the job of an accuracy case. */
  public static JobDocument read(Map<String, ?> parsed, String source) {
    return DocumentWalk.document(node(parsed, source, 0), source);
  }

  private byte[] bytes(Path file, String source) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw tooLong(source);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new InputException(source + ": no such file", e);
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read";
      throw new InputException(source + ": " + reason, e);
    }
  }

  private InputException tooLong(String source) {
    return new InputException(source + ": is longer than " + maxBytes + " bytes");
  }

  private static String utf8(byte[] bytes, String source) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(source + ": is not UTF-8 text", e);
    }
  }

  private static Node node(Object value, String source, int depth) {
    if (depth > DEEPEST) {
      throw new InputException(source + ": is nested more than " + DEEPEST + " levels deep");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Node> fields = new LinkedHashMap<>();
      map.forEach((key, item) -> fields.put(String.valueOf(key), node(item, source, depth + 1)));
      return new Node.Fields(fields, 0);
    }
    if (value instanceof List<?> list) {
      List<Node> items = new ArrayList<>();
      list.forEach(item -> items.add(node(item, source, depth + 1)));
      return new Node.Items(items, 0);
    }
    return new Node.Scalar(value, 0);
  }
}
