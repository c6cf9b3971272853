package dev.vramcast.formats.write.launch;

import dev.vramcast.core.hardware.Gpu;
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

/** A dstack task; keys as in TaskConfiguration of dstack 0.22.5. */
public final class DstackTask implements Launcher {

  /** Backends by the provider's name: BackendType of dstack 0.22.5. */
  private static final Set<String> BACKENDS =
      Set.of(
          "amddevcloud",
          "aws",
          "azure",
          "cloudrift",
          "crusoe",
          "cudo",
          "datacrunch",
          "digitalocean",
          "gcp",
          "hotaisle",
          "jarvislabs",
          "lambda",
          "lium",
          "nebius",
          "oci",
          "runpod",
          "seeweb",
          "tensordock",
          "vastai",
          "verda",
          "vultr");

  @Override
  public String name() {
    return "dstack";
  }

  @Override
  public Written write(Launch launch) {
    List<Notice> warnings = new ArrayList<>();
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("type", "task");
    task.put("name", launch.name());
    if (launch.place().nodes() > 1) {
      task.put("nodes", launch.place().nodes());
    }
    task.put("python", "3.12");
    task.put("files", List.copyOf(launch.files().keySet()));
    List<String> commands = new ArrayList<>(List.of(launch.start().install()));
    commands.addAll(NodeScript.run(launch, "$DSTACK_NODE_RANK", "$DSTACK_MASTER_NODE_IP"));
    task.put("commands", commands);
    task.put("resources", Map.of("gpu", gpu(launch.place(), warnings)));
    launch.place().rental().ifPresent(rental -> rental(rental, task, warnings));
    return Written.of(
        new WrittenFile("dstack.yaml", WrittenFile.Syntax.HASH, YamlText.yaml(task)), warnings);
  }

  private Map<String, Object> gpu(Place place, List<Notice> warnings) {
    Map<String, Object> gpu = new LinkedHashMap<>();
    Optional<Gpu> card = place.gpu();
    Optional<String> known = card.flatMap(c -> GpuNames.of(c.name())).map(GpuNames::dstack);
    known.ifPresent(name -> gpu.put("name", name));
    card.filter(c -> GpuNames.isSharedOrUnknown(known))
        .ifPresent(c -> gpu.put("memory", c.memory().marketedGigabytes() + "GB.."));
    gpu.put("count", place.gpus());
    if (known.isEmpty()) {
      warnings.add(
          card.map(
                  c ->
                      LaunchWarnings.card(
                          name(), c.name(), "it has no name for it, its size is written"))
              .orElse(Notice.of(name(), ": no GPU is named, any will do; give ", JobKey.GPU)));
    }
    return gpu;
  }

  private void rental(Rental rental, Map<String, Object> task, List<Notice> warnings) {
    String backend = rental.provider().equals("vast") ? "vastai" : rental.provider();
    if (!BACKENDS.contains(backend)) {
      warnings.addAll(LaunchWarnings.rental(name(), Optional.of(rental)));
      return;
    }
    task.put("backends", List.of(backend));
    if (!rental.region().isEmpty()) {
      task.put("regions", List.of(rental.region()));
    }
    if (!rental.instance().isEmpty()) {
      task.put("instance_types", List.of(rental.instance()));
    }
    task.put("spot_policy", rental.spot() ? "spot" : "on-demand");
  }
}
