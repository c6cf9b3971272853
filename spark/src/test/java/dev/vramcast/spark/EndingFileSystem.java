package dev.vramcast.spark;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * This machine's files, of which nothing is changed any more from one step on, as when the process
 * is killed there: nobody cleans up either. Or one step fails, as on a full disk, and those after
 * it do not.
 */
public final class EndingFileSystem extends LocalFileSystem {

  /** The property that has the process killed in the end. */
  static final String KILLS = "vramcast.kills";

  /** The property with the folder for a copy of the table's folder before each change. */
  static final String COPIES = "vramcast.copies";

  private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

  private static volatile boolean fails;

  /** Copies that were made; -1 where none are. */
  private static int copies = -1;

  private static java.nio.file.Path copied = java.nio.file.Path.of(".");

  /** The process ends here. */
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Has files of this machine changed by it alone. */
  static void serve(Configuration configuration) {
    configuration.set("fs.file.impl", EndingFileSystem.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
  }

  /** So many changes more, and none after them. */
  static void endAfter(int changes) {
    fails = false;
    LEFT.set(changes);
  }

  /** So many changes more, to a table of which copies are made where the process is told so. */
  static void endAfter(int changes, java.nio.file.Path table) {
    copied = table.getParent();
    copies = System.getProperty(COPIES) == null ? -1 : 0;
    endAfter(changes);
  }

  /** So many changes more, of names or of content, and then one that fails. */
  static void failAfter(int changes) {
    fails = true;
    LEFT.set(changes);
  }

  /** Whether the end came, and from here on everything goes on as usual. */
  static boolean hasEnded() {
    return LEFT.getAndSet(Integer.MAX_VALUE) < 0;
  }

  private static void change() throws IOException {
    if (LEFT.get() == Integer.MAX_VALUE) {
      return;
    }
    copy();
    int left = LEFT.decrementAndGet();
    if (fails) {
      if (left == -1) {
        throw new IOException("No space left on device");
      }
    } else if (left < 0) {
      LEFT.set(-1);
      if (Boolean.getBoolean(KILLS)) {
        kill();
      }
      throw new Ended();
    }
  }

  private static synchronized void copy() throws IOException {
    if (copies >= 0) {
      Trees.copy(copied, java.nio.file.Path.of(System.getProperty(COPIES), "" + copies++));
    }
  }

  /** No handler and no hook of this process runs any more. */
  private static void kill() {
    try {
      String process = String.valueOf(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-9", process).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    change();
    FSDataOutputStream out =
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
    return fails ? new FSDataOutputStream(new Failing(out), null) : out;
  }

  /** Its first write may fail, and its end. */
  private static final class Failing extends FilterOutputStream {

    private boolean begun;

    Failing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (!begun) {
        begun = true;
        change();
      }
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      try (OutputStream closed = out) {
        closed.flush();
        change();
      }
    }
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    change();
    return super.mkdirs(folder);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    change();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    change();
    return super.delete(file, recursive);
  }
}
