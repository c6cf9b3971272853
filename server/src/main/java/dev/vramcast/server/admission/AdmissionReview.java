package dev.vramcast.server.admission;

import dev.vramcast.answers.text.JsonText;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A question of the Kubernetes API whether something may be made (AdmissionReview of {@code
 * admission.k8s.io/v1}), as a question whether the training command in it fits.
 *
 * @param uid names the question in its answer
 * @param manifest what is to be made
 * @param gpu the card that it asks for; empty where it names none
 * @param warns it is let through whatever the answer is
 */
public record AdmissionReview(String uid, Map<?, ?> manifest, Optional<String> gpu, boolean warns) {

  /** Says the card where no label of a node does. */
  public static final String GPU = "vramcast.dev/gpu";

  /** {@code warn} lets what does not fit through, with a warning. */
  public static final String POLICY = "vramcast.dev/policy";

  /** Labels of nodes by which cards are chosen: the GPU operator's, Google's and Karpenter's. */
  private static final List<String> SELECTORS =
      List.of(
          "nvidia.com/gpu.product",
          "cloud.google.com/gke-accelerator",
          "karpenter.k8s.aws/instance-gpu-name");

  /** The label of a node by which its machine is chosen. */
  private static final String MACHINE = "node.kubernetes.io/instance-type";

  private static final int FORBIDDEN = 403;

  /** Levels at which pods stand in what makes them: Job, PyTorchJob and CronJob. */
  private static final int DEEPEST = 8;

  /** What stands in no name of Kubernetes: signs, and dots at either end of a part. */
  private static final Pattern NO_NAME = Pattern.compile("[^\\w./-]|(?<!\\w)\\.|\\.(?!\\w)");

  /** By which texts of trainers are told from each other. */
  private static final Pattern ENDING =
      Pattern.compile(
          "(?i)\\.(ya?ml|json|toml|ipynb|py|mdx?|markdown|rst|sh|bash|zsh|cmd|slurm|sbatch)$");

  /** Characters of a warning that Kubernetes hands on; no name of a question is as long. */
  private static final int LONGEST = 250;

  /**
   * The question in a body.
   *
   * @throws InputException when it is no review
   */
  public static AdmissionReview of(Map<?, ?> body) {
    Map<?, ?> request = fields(body, "request");
    if (!"AdmissionReview".equals(body.get("kind"))
        || !(request.get("uid") instanceof String uid)) {
      throw InputError.of(
              "is no AdmissionReview of admission.k8s.io/v1, with a request and its uid")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of("body"))
          .refusal();
    }
    if (uid.length() > LONGEST) {
      throw InputError.about(new Subject.Item("request.uid"))
          .is(uid)
          .at(Place.of("body"))
          .allowed("at most ", LONGEST, " characters")
          .refusal();
    }
    Map<?, ?> manifest = fields(request, "object");
    Map<?, ?> notes = fields(fields(manifest, "metadata"), "annotations");
    Optional<String> gpu = text(notes, GPU).or(() -> selected(manifest, 0));
    return new AdmissionReview(uid, manifest, gpu, "warn".equals(notes.get(POLICY)));
  }

  /** The fields of {@code fit} that ask the same; empty where no card is known. */
  public Optional<Map<String, Object>> question() {
    String text = JsonText.of(manifest);
    return gpu.map(
        card ->
            Map.of(
                "files", List.of(Map.of("name", called(), "text", text)),
                "job", Map.of("hardware", Map.of("gpu", card))));
  }

  /** As kubectl calls it ({@code job/train.v2}), without an ending that tells a file's kind. */
  private String called() {
    Map<?, ?> metadata = fields(manifest, "metadata");
    String kind = text(manifest, "kind").orElse("manifest").toLowerCase(Locale.ROOT);
    String name = text(metadata, "name").or(() -> text(metadata, "generateName")).orElse("");
    String whole = name.isEmpty() ? kind : kind + '/' + name;
    String named = NO_NAME.matcher(whole).replaceAll("-");
    return cut(ENDING.matcher(named).replaceFirst("-$1"));
  }

  /** What Kubernetes is told of an answer. */
  public Map<String, Object> answered(Map<String, Object> answer) {
    String verdict = String.valueOf(answer.get("verdict"));
    String sentence =
        String.valueOf(answer.getOrDefault("summary", answer.getOrDefault("reason", verdict)));
    boolean refused = verdict.equals("does_not_fit") && !warns;
    boolean silent = verdict.equals("fits");
    return told(!refused, refused || silent ? Optional.empty() : Optional.of(sentence), sentence);
  }

  /** Whatever says nothing of training, or cannot be read, is none of our business. */
  public Map<String, Object> unread(String why) {
    return told(true, Optional.of("not checked: " + why), why);
  }

  private Map<String, Object> told(boolean allowed, Optional<String> warning, String sentence) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("uid", uid);
    response.put("allowed", allowed);
    if (!allowed) {
      response.put("status", Map.of("code", FORBIDDEN, "message", "vramcast: " + sentence));
    }
    warning.ifPresent(text -> response.put("warnings", List.of(cut("vramcast: " + text))));
    Map<String, Object> review = new LinkedHashMap<>();
    review.put("apiVersion", "admission.k8s.io/v1");
    review.put("kind", "AdmissionReview");
    review.put("response", response);
    return review;
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
  }

  private static Optional<String> selected(Map<?, ?> node, int depth) {
    Optional<String> found =
        SELECTORS.stream()
            .flatMap(label -> text(fields(node, "nodeSelector"), label).stream())
            .findFirst()
            .or(() -> text(fields(node, "nodeSelector"), MACHINE).flatMap(GpuCatalog::cardOf));
    if (found.isPresent() || depth == DEEPEST) {
      return found;
    }
    return node.values().stream()
        .filter(value -> value instanceof Map<?, ?>)
        .flatMap(value -> selected((Map<?, ?>) value, depth + 1).stream())
        .findFirst();
  }

  private static Map<?, ?> fields(Map<?, ?> map, String key) {
    return map.get(key) instanceof Map<?, ?> found ? found : Map.of();
  }

  private static Optional<String> text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String found ? Optional.of(found) : Optional.empty();
  }
}
