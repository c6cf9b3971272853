package dev.vramcast.formats.jobdocument;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.input.tree.Node;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the keys of the job document in a parsed file; nothing unknown passes. */
final class DocumentWalk {

  private final Place.Line place;
  private final Map<JobKey, JobDocument.Entry> entries = new EnumMap<>(JobKey.class);

  /** What values say of other keys, which holds where those are not set. */
  private final Map<JobKey, JobDocument.Entry> implied = new EnumMap<>(JobKey.class);

  private DocumentWalk(Place.Line place) {
    this.place = place;
  }

  static JobDocument document(Node root, Place.Line place) {
    DocumentWalk walk = new DocumentWalk(place);
    if (isNothing(root)) {
      throw InputError.of("is empty").at(place).kind(ErrorKind.MALFORMED).refusal();
    }
    if (!(root instanceof Node.Fields fields)) {
      throw InputError.of("holds ", kind(root))
          .kind(ErrorKind.MALFORMED)
          .at(walk.place(root))
          .allowed("keys such as ", JobKey.MODEL_ID)
          .refusal();
    }
    walk.section("", fields);
    walk.implied.forEach(walk.entries::putIfAbsent);
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
      within(path, node);
      throw InputError.unknown("key", path, JobKey.meant(path)).at(place(node)).refusal();
    } else if (node instanceof Node.Fields fields) {
      section(path + ".", fields);
    } else if (!isNothing(node)) {
      String names = below.stream().map(JobKey::path).collect(Collectors.joining(", "));
      throw InputError.about(new Subject.Item(path))
          .at(place(node))
          .and(" holds ", kind(node))
          .allowed("the keys ", names)
          .nearest(JobKey.mainBelow(path).map(JobKey::path))
          .kind(ErrorKind.UNKNOWN)
          .refusal();
    }
  }

  /** Refuses a section that there is not by the first of its keys that stands elsewhere. */
  private void within(String path, Node node) {
    if (JobKey.meant(path).isPresent() || !(node instanceof Node.Fields fields)) {
      return;
    }
    fields
        .fields()
        .forEach(
            (name, below) -> {
              String inside = path + "." + name;
              Optional<String> meant = JobKey.meant(inside);
              if (meant.isPresent()) {
                throw InputError.unknown("key", inside, meant).at(place(below)).refusal();
              }
            });
  }

  private void value(JobKey key, Node node) {
    if (isNothing(node)) {
      throw InputError.about(key)
          .kind(ErrorKind.MISSING)
          .at(place(node))
          .and(" has no value")
          .allowed(key.kind().allowed(), ", or leave the key out")
          .refusal();
    }
    JobDocument.Entry earlier = entries.get(key);
    if (earlier != null) {
      throw InputError.about(key)
          .at(place(node))
          .and(" is given twice, first in ", earlier.place())
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    Object given =
        key.kind().holdsObjects() ? PlainNumbers.of(node.value(), place(node)) : node.value();
    Object raw = Objects.requireNonNull(given);
    List<JobDocument.Entry> said = JobDocument.Entry.read(key, raw, place(node));
    entries.put(key, said.get(0));
    said.stream().skip(1).forEach(entry -> implied.put(entry.key(), entry));
  }

  /** In YAML, a key with nothing behind it arrives as empty text. */
  private static boolean isNothing(Node node) {
    return node instanceof Node.Scalar && (node.value() == null || "".equals(node.value()));
  }

  private Place place(Node node) {
    return Place.of(place.source(), node.mark().line(), node.mark().column()).within(place);
  }

  private static String kind(Node node) {
    return node instanceof Node.Items ? "a list" : Shown.given(node.value());
  }
}
