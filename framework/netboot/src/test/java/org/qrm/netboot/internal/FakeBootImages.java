package org.qrm.netboot.internal;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.Expected;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Remark;
import org.qrm.api.image.BootFile;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.BootImages;
import org.qrm.api.image.Loader;

/** Boot images that a test puts there. */
final class FakeBootImages implements BootImages {

    private final Map<String, BootImage> images = new ConcurrentHashMap<>();
    private final Map<String, Path> contents = new ConcurrentHashMap<>();

    void add(String image, BootFile file, Path content) {
        List<BootFile> files = new ArrayList<>(find(image).map(BootImage::files).orElse(List.of()));
        files.add(file);
        images.put(image, new BootImage(image, Loader.LINUX, files, null, ""));
        contents.put(image + "/" + file.name(), content);
    }

    @Override
    public Optional<BootImage> find(String name) {
        return Optional.ofNullable(images.get(name));
    }

    @Override
    public Optional<Path> content(String image, String file) {
        return Optional.ofNullable(contents.get(image + "/" + file));
    }

    @Override
    public Page<BootImage> list(PageRequest page) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BootImage create(String name, Loader loader, String plugin, String description) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BootImage putFile(String image, String file, BootFile.Role role, InputStream content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BootImage update(String name, Loader loader, String description, Expected<BootImage> expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BootImage deleteFile(String image, String file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BootImage remark(String name, Remark said, Expected<BootImage> expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String name, Expected<BootImage> expected) {
        throw new UnsupportedOperationException();
    }
}
