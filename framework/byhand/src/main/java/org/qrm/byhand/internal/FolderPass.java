package org.qrm.byhand.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when File Install has looked through the folder: it has then forgotten the files that had gone before. A file that comes back
 * earlier is taken for an update of the bundle that was uninstalled, and never installed. What is looked for is an empty file, which is
 * found and removed on the way.
 */
final class FolderPass implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(FolderPass.class);
    private static final String PREFIX = ".qrm-pass-";

    private final Path folder;
    private final Duration patience;
    private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

    FolderPass(Path folder, Duration patience) {
        this.folder = folder;
        this.patience = patience;
    }

    /** Returns when it has looked, or after {@code patience}. */
    void await() throws IOException, InterruptedException {
        Path looked = folder.resolve(PREFIX + UUID.randomUUID());
        CountDownLatch found = new CountDownLatch(1);
        awaited.put(looked.getFileName().toString(), found);
        try {
            Files.createFile(looked);
            if (!found.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Nobody has looked into {} for {} s", folder, patience.toSeconds());
            }
        } finally {
            awaited.remove(looked.getFileName().toString());
            Files.deleteIfExists(looked);
        }
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().startsWith(PREFIX);
    }

    /** One that nobody waits for is of a server that was killed. */
    @Override
    public void install(File file) throws IOException {
        CountDownLatch found = awaited.get(file.getName());
        if (found != null) {
            found.countDown();
        }
        Files.deleteIfExists(file.toPath());
    }

    @Override
    public void update(File file) throws IOException {
        install(file);
    }

    @Override
    public void uninstall(File file) {
        // removed when it was found
    }
}
