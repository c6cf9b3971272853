package dev.vramcast.catalog.source;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Presence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Configs that were fetched from the Hub, one file for each endpoint, repository and revision. A
 * file is written beside its place and moved there, so that a reader never sees half of one.
 */
final class OwnCache {

  private final Environment environment;

  OwnCache(Environment environment) {
    this.environment = environment;
  }

  /** The file for a repository's config, whether or not it exists. */
  Path file(HubId id, String revision) {
    int port = environment.endpoint().getPort();
    String host = environment.endpoint().getHost() + (port < 0 ? "" : "_" + port);
    return environment
        .ownCache()
        .resolve("hub")
        .resolve(host)
        .resolve(id.folder())
        .resolve(revision.replace("/", "--"))
        .resolve("config.json");
  }

  /** The stored config, or empty. */
  Optional<byte[]> get(HubId id, String revision) {
    Path file = file(id, revision);
    return Presence.isFile(file)
        ? Optional.of(BoundedFile.bytes(file, HubClient.MAX_CONFIG_BYTES))
        : Optional.empty();
  }

  /** Stores a config; a warning when that fails, which is no reason to fail as a whole. */
  Optional<Notice> put(HubId id, String revision, byte[] config) {
    Path file = file(id, revision);
    try {
      Disk.real().makeFolders(Disk.folderOf(file));
      Disk.real().write(file, config);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of(
          Notice.of("the fetched config could not be kept: ", Shown.cause(e))
              .at(Optional.of(Place.of(file.toString()))));
    }
  }
}
