package dev.vramcast.sweep.spec;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument.Entry;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.input.text.BoundedText;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import dev.vramcast.sweep.product.Axis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a spec: keys of the job document, and {@code models}, {@code gpus} and {@code offers}. */
public final class SpecReader {

  private static final int MAX_BYTES = 1 << 20;
  static final String MODELS = "models";
  static final String GPUS = "gpus";
  private static final String OFFERS = "offers";
  private static final List<String> OWN = List.of(MODELS, GPUS, OFFERS);

  private final String source;
  private final Map<JobKey, Axis> axes = new LinkedHashMap<>();
  private SpecNames models = SpecNames.NONE;
  private SpecNames gpus = SpecNames.NONE;
  private OfferWish offers = OfferWish.NONE;

  private SpecReader(String source) {
    this.source = source;
  }

  /** Reads a file. */
  public static Spec read(Path file) {
    return read(new BoundedText(MAX_BYTES).of(file), BoundedText.name(file));
  }

  /**
   * Reads a text.
   *
   * @param source names it in messages, e.g. {@code sweep.yaml}
   */
  public static Spec read(String text, String source) {
    SpecReader reader = new SpecReader(source);
    Node root = NodeParser.parse(new BoundedText(MAX_BYTES).checked(text, source), source);
    if (!(root instanceof Node.Fields fields)) {
      throw InputError.of("holds no keys")
          .kind(ErrorKind.MISSING)
          .at(Place.of(source))
          .allowed("models, gpus and job keys")
          .refusal();
    }
    reader.section("", fields);
    return new Spec(List.copyOf(reader.axes.values()), reader.models, reader.gpus, reader.offers);
  }

  private void section(String prefix, Node.Fields fields) {
    fields.fields().forEach((name, node) -> field(prefix + name, node));
  }

  private void field(String path, Node node) {
    switch (path) {
      case MODELS -> models = SpecNames.of(node, MODELS, source);
      case GPUS -> gpus = SpecNames.of(node, GPUS, source);
      case OFFERS -> offers = OfferWish.of(node, source);
      default -> jobKey(path, node);
    }
  }

  private void jobKey(String path, Node node) {
    JobKey key = JobKey.ofPath(path).orElse(null);
    if (key != null) {
      axis(key, node);
    } else if (JobKey.below(path).isEmpty()) {
      throw InputError.unknown("key", path, near(path)).at(place(node)).refusal();
    } else if (node instanceof Node.Fields fields) {
      section(path + ".", fields);
    } else {
      throw InputError.about(new Subject.Item(path))
          .at(place(node))
          .and(" holds ", Shown.given(node.value()))
          .given(node.value())
          .allowed("its keys")
          .refusal();
    }
  }

  private static Optional<String> near(String path) {
    return NearestName.of(path, OWN).or(() -> JobKey.meant(path));
  }

  private void axis(JobKey key, Node node) {
    if (node.value() == null || "".equals(node.value())) {
      throw InputError.about(key)
          .kind(ErrorKind.MISSING)
          .at(place(node))
          .and(" has no value")
          .allowed(key.kind().allowed())
          .refusal();
    }
    List<Entry> values = new ArrayList<>();
    for (Node each : new ValueNode(key, node, source).alternatives()) {
      Place place = place(each);
      values.add(new Entry(key, read(key, each, place), place));
    }
    if (axes.put(key, new Axis(key, values)) != null) {
      throw InputError.about(key)
          .at(place(node))
          .and(" is given twice")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  private Object read(JobKey key, Node node, Place place) {
    Object value = node.value();
    if (value == null) {
      throw InputError.about(key)
          .kind(ErrorKind.MISSING)
          .at(place)
          .and(" has an empty value")
          .allowed(key.kind().allowed())
          .refusal();
    }
    return key.read(value, place);
  }

  private Place place(Node node) {
    return node.place(source);
  }
}
