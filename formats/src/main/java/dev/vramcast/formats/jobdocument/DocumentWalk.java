package dev.vramcast.formats.jobdocument;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.TextOrObject;
import dev.vramcast.formats.tree.Node;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the keys of the job document in a parsed file; nothing unknown passes. */
final class DocumentWalk {

  private final String source;
  private final Map<JobKey, JobDocument.Entry> entries = new EnumMap<>(JobKey.class);

  private DocumentWalk(String source) {
    this.source = source;
  }

  static JobDocument document(Node root, String source) {
    DocumentWalk walk = new DocumentWalk(source);
    if (isNothing(root)) {
      throw new InputException(source + ": is empty");
    }
    if (!(root instanceof Node.Fields fields)) {
      throw new InputException(
          walk.origin(root)
              + ": holds "
              + kind(root)
              + ", allowed: keys such as "
              + JobKey.MODEL_ID.path());
    }
    walk.section("", fields);
    return JobDocument.of(walk.entries.values());
  }

  private void section(String prefix, Node.Fields section) {
    section.fields().forEach((name, node) -> field(prefix + name, node));
  }

  private void field(String path, Node node) {
    Optional<JobKey> key = JobKey.ofPath(path);
    List<JobKey> below = JobKey.below(path);
    if (key.isPresent()) {
      value(key.get(), node);
    } else if (below.isEmpty()) {
      throw new InputException(
          origin(node) + ": unknown key " + Shown.given(path) + JobKey.hint(path));
    } else if (node instanceof Node.Fields fields) {
      section(path + ".", fields);
    } else if (!isNothing(node)) {
      String names = below.stream().map(JobKey::path).collect(Collectors.joining(", "));
      throw new InputException(
          origin(node) + ": " + path + " holds " + kind(node) + ", allowed: the keys " + names);
    }
  }

  private void value(JobKey key, Node node) {
    if (isNothing(node)) {
      throw new InputException(
          origin(node)
              + ": "
              + key.path()
              + " has no value, allowed: "
              + key.kind().allowed()
              + ", or leave the key out");
    }
    JobDocument.Entry earlier = entries.get(key);
    if (earlier != null) {
      throw new InputException(
          origin(node) + ": " + key.path() + " is given twice, first in " + earlier.origin());
    }
    Object given =
        key.kind() instanceof TextOrObject
            ? PlainNumbers.of(node.value(), origin(node))
            : node.value();
    Object raw = Objects.requireNonNull(given);
    entries.put(key, new JobDocument.Entry(key, key.read(raw, origin(node)), origin(node)));
  }

  /** In YAML, a key with nothing behind it arrives as empty text. */
  private static boolean isNothing(Node node) {
    return node instanceof Node.Scalar && (node.value() == null || "".equals(node.value()));
  }

  private String origin(Node node) {
    return node.line() > 0 ? source + " line " + node.line() : source;
  }

  private static String kind(Node node) {
    return node instanceof Node.Items ? "a list" : Shown.given(node.value());
  }
}
