package org.qrm.byhand.internal;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the server installs by itself at each new cache.
 *
 * @param features names
 * @param repositories addresses
 */
record FromTheArchive(Set<String> features, Set<String> repositories) {

    /** @param configuration Karaf's, of its features */
    static FromTheArchive read(Path configuration) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(configuration)) {
            properties.load(reader);
        }
        return new FromTheArchive(
                list(properties.getProperty("featuresBoot", "").replaceAll("[()]", ",")).stream()
                        .map(feature -> feature.split("/", 2)[0])
                        .collect(Collectors.toUnmodifiableSet()),
                list(properties.getProperty("featuresRepositories", "")));
    }

    private static Set<String> list(String words) {
        return Arrays.stream(words.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
