package dev.vramcast.formats.write.launch;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.Launcher;
import dev.vramcast.formats.write.Place;
import dev.vramcast.formats.write.Place.Rental;
import dev.vramcast.formats.write.Written;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A SkyPilot task; keys as in sky/utils/schemas.py of SkyPilot 0.14.1. */
public final class SkyPilotTask implements Launcher {

  /** Clouds that the schema takes: ALL_CLOUDS of sky/skylet/constants.py. */
  private static final Set<String> CLOUDS =
      Set.of(
          "aws",
          "azure",
          "gcp",
          "ibm",
          "lambda",
          "scp",
          "oci",
          "runpod",
          "vast",
          "vsphere",
          "cudo",
          "fluidstack",
          "paperspace",
          "primeintellect",
          "do",
          "nebius",
          "hyperbolic",
          "seeweb",
          "shadeform",
          "yotta",
          "mithril",
          "verda");

  @Override
  public String name() {
    return "skypilot";
  }

  @Override
  public Written write(Launch launch) {
    List<Notice> warnings = new ArrayList<>();
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("name", launch.name());
    task.put("resources", resources(launch.place(), warnings));
    task.put("num_nodes", launch.place().nodes());
    task.put("workdir", ".");
    task.put("setup", launch.start().install() + "\n");
    task.put(
        "run",
        NodeScript.text(
            NodeScript.run(
                launch, "$SKYPILOT_NODE_RANK", "$(echo \"$SKYPILOT_NODE_IPS\" | head -n 1)")));
    String body = YamlText.yaml(task);
    return Written.of(new WrittenFile("skypilot.yaml", WrittenFile.Syntax.HASH, body), warnings);
  }

  private Map<String, Object> resources(Place place, List<Notice> warnings) {
    Map<String, Object> resources = new LinkedHashMap<>();
    Optional<String> card =
        place.gpu().flatMap(gpu -> GpuNames.of(gpu.name())).map(GpuNames::skypilot);
    card.ifPresent(name -> resources.put("accelerators", name + ":" + place.gpus()));
    if (card.isEmpty()) {
      warnings.add(
          place
              .gpu()
              .map(
                  gpu ->
                      LaunchWarnings.card(
                          name(), gpu.name(), "it has no name for it, add accelerators"))
              .orElse(
                  Notice.of(name(), ": no GPU is named, add accelerators, or give ", JobKey.GPU)));
    }
    place.rental().ifPresent(rental -> rental(rental, resources, warnings));
    return resources;
  }

  private void rental(Rental rental, Map<String, Object> resources, List<Notice> warnings) {
    String cloud = rental.provider().equals("digitalocean") ? "do" : rental.provider();
    if (!CLOUDS.contains(cloud)) {
      warnings.addAll(LaunchWarnings.rental(name(), Optional.of(rental)));
      return;
    }
    String region = rental.region();
    resources.put("infra", cloud + (region.isEmpty() ? "" : "/" + region));
    if (!rental.instance().isEmpty()) {
      resources.put("instance_type", rental.instance());
    }
    if (rental.spot()) {
      resources.put("use_spot", true);
    }
  }
}
