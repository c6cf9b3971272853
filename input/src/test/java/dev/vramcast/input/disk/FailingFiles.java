package dev.vramcast.input.disk;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.DirectoryStream.Filter;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * The machine's files, of which one step of reading fails: the step counts each time that a file is
 * opened, that bytes are asked of it, that a folder is listed or looked through, that it is asked
 * what is at a path. What is written is left alone.
 */
public final class FailingFiles extends FileSystemProvider {

  /** What goes wrong. */
  public enum Fault {
    /** The device fails. */
    BROKEN,
    /** There is no memory for what is read. */
    NO_MEMORY,
    /** Nothing, but every step gives one byte. */
    SLOW
  }

  private static final String MESSAGE = "Input/output error";

  private final FileSystemProvider real;
  private final FileSystem system;
  private final Fault kind;
  private final int fault;
  private int step;

  private FailingFiles(Path place, Fault kind, int fault) {
    this.real = place.getFileSystem().provider();
    this.system = new FailingFileSystem(this, place.getFileSystem());
    this.kind = kind;
    this.fault = fault;
  }

  /**
   * A path to the same file, of which reading fails.
   *
   * @param fault the step at which it does, from 1
   */
  public static Path at(Path place, Fault kind, int fault) {
    return new FailingFiles(place, kind, fault).wrap(place);
  }

  /** Whether the step came at all. */
  public static boolean isReached(Path failing) {
    FailingFiles files = (FailingFiles) failing.getFileSystem().provider();
    return files.step >= files.fault;
  }

  private synchronized void step() throws IOException {
    step++;
    if (step == fault && kind == Fault.BROKEN) {
      throw new IOException(MESSAGE);
    }
    if (step == fault && kind == Fault.NO_MEMORY) {
      throw new OutOfMemoryError("injected");
    }
  }

  /** Hands everything to the real path, but says that it is of these files. */
  Path wrap(Path path) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (proxy, method, arguments) -> call(path, method, arguments));
  }

  private Object call(Path path, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("getFileSystem")) {
      return system;
    }
    Object[] plain = arguments == null ? new Object[0] : arguments.clone();
    for (int i = 0; i < plain.length; i++) {
      plain[i] = plain[i] instanceof Path given ? unwrap(given) : plain[i];
    }
    try {
      return wrapped(method.invoke(path, plain));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object wrapped(Object result) {
    return result instanceof Path found ? wrap(found) : result;
  }

  /** The real path behind one of these. */
  public static Path unwrap(Path path) {
    return path.getFileSystem() instanceof FailingFileSystem ? Path.of(path.toString()) : path;
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    step();
    SeekableByteChannel channel = real.newByteChannel(unwrap(path), options, attributes);
    return (SeekableByteChannel)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(),
            new Class<?>[] {SeekableByteChannel.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read")) {
                step();
                return read(channel, (ByteBuffer) arguments[0]);
              }
              return method.invoke(channel, arguments);
            });
  }

  private int read(SeekableByteChannel channel, ByteBuffer into) throws IOException {
    if (kind != Fault.SLOW || !into.hasRemaining()) {
      return channel.read(into);
    }
    ByteBuffer one = ByteBuffer.allocate(1);
    int read = channel.read(one);
    if (read == 1) {
      into.put(one.get(0));
    }
    return read;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    step();
    return real.newFileChannel(unwrap(path), options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(Path folder, Filter<? super Path> filter)
      throws IOException {
    step();
    DirectoryStream<Path> there =
        real.newDirectoryStream(unwrap(folder), path -> filter.accept(wrap(path)));
    return new DirectoryStream<>() {

      @Override
      public Iterator<Path> iterator() {
        Iterator<Path> paths = there.iterator();
        return new Iterator<>() {

          @Override
          public boolean hasNext() {
            try {
              step();
            } catch (IOException e) {
              throw new DirectoryIteratorException(e);
            }
            return paths.hasNext();
          }

          @Override
          public Path next() {
            return wrap(paths.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        there.close();
      }
    };
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    step();
    return real.readAttributes(unwrap(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    step();
    return real.readAttributes(unwrap(path), names, options);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return real.getFileAttributeView(unwrap(path), type, options);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    step();
    real.checkAccess(unwrap(path), modes);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    real.createDirectory(unwrap(folder), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(unwrap(path));
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) throws IOException {
    real.copy(unwrap(from), unwrap(to), options);
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    real.move(unwrap(from), unwrap(to), options);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return real.isSameFile(unwrap(one), unwrap(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(unwrap(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(unwrap(path));
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    real.setAttribute(unwrap(path), name, value, options);
  }

  @Override
  public String getScheme() {
    return "failing";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException(Arrays.toString(new Object[] {uri, environment}));
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    return wrap(Path.of(uri));
  }
}
