package org.qrm.byhand.internal;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What is written of a bundle.
 *
 * @param location where it came from, its identity
 * @param id in the cache in which it was installed; they tell the order
 * @param started whether it is to run
 * @param startLevel at which
 */
record KeptBundle(String location, long id, boolean started, int startLevel) {

    static KeptBundle read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return new KeptBundle(
                    properties.getProperty("location", ""),
                    Long.parseLong(properties.getProperty("id", "")),
                    Boolean.parseBoolean(properties.getProperty("started")),
                    Integer.parseInt(properties.getProperty("startLevel", "")));
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }

    byte[] text() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("location", location);
        properties.setProperty("id", Long.toString(id));
        properties.setProperty("started", Boolean.toString(started));
        properties.setProperty("startLevel", Integer.toString(startLevel));
        StringWriter text = new StringWriter();
        properties.store(text, null);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
