package org.qrm.core.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.NetworkCard;
import org.qrm.api.resource.Resource;
import org.qrm.core.store.Said;
import org.qrm.core.store.Text;

/** What a machine is found by beside its name, its address and its tags. It stands in a column that can be searched as a whole. */
final class FoundBy {

    private static final int LONGEST = 6000;
    private static final int LONGEST_PRODUCT = 200;

    /** Of {@link Hardware#details}, and what people call them. */
    private static final List<Map.Entry<String, String>> DETAILS = List.of(
            Map.entry("serial", "serial number"),
            Map.entry("product", "product"),
            Map.entry("vendor", "vendor"),
            Map.entry("uuid", "UUID"));

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private FoundBy() {}

    static List<Said> of(Resource resource) {
        return of(resource.mac(), resource.hardware());
    }

    private static List<Said> of(MacAddress boot, Hardware hardware) {
        List<Said> all = new ArrayList<>();
        Stream.concat(Stream.of(boot), hardware.nics().stream().map(NetworkCard::mac))
                .distinct()
                .forEach(mac -> spellings(mac).forEach(text -> all.add(new Said("MAC address", text, mac.value()))));
        for (Map.Entry<String, String> detail : DETAILS) {
            String text = detail(hardware, detail.getKey());
            if (!text.isEmpty()) {
                all.add(new Said(detail.getValue(), text));
            }
        }
        return all;
    }

    private static String detail(Hardware hardware, String key) {
        return BLANKS.matcher(hardware.details().getOrDefault(key, "").strip()).replaceAll(" ");
    }

    /** By which machines are grouped; empty when it is not known. */
    static String product(Hardware hardware) {
        return Text.cut(detail(hardware, "product"), LONGEST_PRODUCT);
    }

    /** {@code aa:bb:…}, {@code aa-bb-…}, {@code aabb.ccdd.eeff}, {@code aabbccddeeff}. */
    private static List<String> spellings(MacAddress mac) {
        String digits = mac.value().replace(":", "");
        return List.of(
                mac.value(),
                mac.value().replace(':', '-'),
                digits.substring(0, 4) + "." + digits.substring(4, 8) + "." + digits.substring(8),
                digits);
    }

    /** As it is stored: what is too much is left out. */
    static String column(MacAddress boot, Hardware hardware) {
        StringBuilder column = new StringBuilder("\n");
        for (Said said : of(boot, hardware)) {
            String line = said.text().toLowerCase(Locale.ROOT) + "\n";
            if (column.length() + line.length() <= LONGEST) {
                column.append(line);
            }
        }
        return column.toString();
    }
}
