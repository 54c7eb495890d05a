package org.qrm.commands;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.event.EventField;
import org.qrm.api.operation.OperationField;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.storage.StorageServerField;

public class QueryTextTest {

    private static final Pattern PLACE = Pattern.compile("at character ([0-9]+), ");

    private static final ListQuery<ResourceField> RESOURCES = ListQuery.of(Sort.by(ResourceField.ID));

    private static final List<ListQuery<?>> LISTS = List.of(
            RESOURCES,
            ListQuery.of(Sort.by(EnvironmentField.NAME)),
            ListQuery.of(Sort.by(StorageServerField.NAME)),
            ListQuery.of(Sort.by(OperationField.ID)),
            ListQuery.of(Sort.by(EventField.ID)));

    private static Filter<ResourceField> read(String line) {
        return QueryText.parse(line).narrow(Filter.all(), RESOURCES);
    }

    private static Filter<ResourceField> wanted(Object... fieldsAndValues) {
        Filter<ResourceField> filter = Filter.all();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            filter = filter.and((ResourceField) fieldsAndValues[i], fieldsAndValues[i + 1]);
        }
        return filter;
    }

    @Test
    public void meansWhatTheFiltersMean() {
        Object[][] table = {
            {"", wanted()},
            {"  ", wanted()},
            {"web", wanted(ResourceField.TEXT, "web")},
            {"two  words", wanted(ResourceField.TEXT, "two words")},
            {"\"state:error\"", wanted(ResourceField.TEXT, "state:error")},
            {"text:web", wanted(ResourceField.TEXT, "web")},
            {"aa:bb:cc", wanted(ResourceField.TEXT, "aa:bb:cc")},
            {"AA:BB:CC:DD:EE:FF", wanted(ResourceField.TEXT, "AA:BB:CC:DD:EE:FF")},
            {"52:54:0", wanted(ResourceField.TEXT, "52:54:0")},
            {"aabb.ccdd", wanted(ResourceField.TEXT, "aabb.ccdd")},
            {"state:error", wanted(ResourceField.STATE, ResourceState.ERROR)},
            {"STATE=error", wanted(ResourceField.STATE, ResourceState.ERROR)},
            {
                "state:error tag:rack=7 memory>=64G",
                wanted(
                        ResourceField.STATE,
                        ResourceState.ERROR,
                        ResourceField.TAG,
                        "rack=7",
                        ResourceField.MEMORY_MB,
                        65536L)
            },
            {"memory>64G", wanted(ResourceField.MEMORY_MB, 65537L)},
            {"memory:64GiB", wanted(ResourceField.MEMORY_MB, 65536L)},
            {"memoryMb>=512", wanted(ResourceField.MEMORY_MB, 512L)},
            {"memory-mb>=512", wanted(ResourceField.MEMORY_MB, 512L)},
            {"memory>=1t", wanted(ResourceField.MEMORY_MB, 1048576L)},
            {"memory>=2048k", wanted(ResourceField.MEMORY_MB, 2L)},
            {"disk>=2T", wanted(ResourceField.DISK_GB, 2000)},
            {"disk>=5000M", wanted(ResourceField.DISK_GB, 5)},
            {"cpus>3 gpus>=1", wanted(ResourceField.CPUS, 4, ResourceField.GPUS, 1)},
            {"environment:web1", wanted(ResourceField.ENVIRONMENT_ID, "web1")},
            {"host:17", wanted(ResourceField.HOST_ID, 17L)},
            {"partition-of:xen", wanted(ResourceField.PARTITION_OF, "xen")},
            {"device:\"Tesla T4\" web 1", wanted(ResourceField.DEVICE, "Tesla T4", ResourceField.TEXT, "web 1")},
            {"web kind:node 1", wanted(ResourceField.KIND, ResourceKind.NODE, ResourceField.TEXT, "web 1")},
        };
        for (Object[] row : table) {
            assertEquals((String) row[0], row[1], read((String) row[0]));
        }
    }

    @Test
    public void refusesWithTheWordItsPlaceAndWhatThereIs() {
        String[][] table = {
            {"stat:error", "1", "stat:error", "there is no field stat", "Fields are: state, kind, environment"},
            {"web  rack=7", "6", "rack=7", "there is no field rack", "In quotation marks it is a text"},
            {"state:frob", "1", "state:frob", "it is none of new, idle", "leave it out"},
            {"x state:", "3", "state:", "there is no value", "It is one of"},
            {"memory<64G", "1", "memory<64G", "memory does not know <", "Write memory>=64G"},
            {"cpus=4", "1", "cpus=4", "cpus does not know =", "Write cpus>=4"},
            {"state>error", "1", "state>error", "state does not know >", "Write state:error"},
            {"state!=error", "1", "state!=error", "state does not know !=", "Write state:error"},
            {"memory>=1.5G", "1", "memory>=1.5G", "it is no whole number", ""},
            {"memory>=99999999T", "1", "memory>=99999999T", "", ""},
            {"memory>=999999999999999999T", "1", "memory>=999999999999999999T", "more than anything has", ""},
            {"cpus>2147483647", "1", "cpus>2147483647", "more than anything has", ""},
            {"cpus>=64G", "1", "cpus>=64G", "it is no whole number", ""},
            {"disk>=5M", "1", "disk>=5M", "no whole number of GB", ""},
            {"cpus>=-1x", "1", "cpus>=-1x", "it is no whole number", ""},
            {"tag:a|b", "1", "tag:a|b", "that is no tag", ""},
            {"state:error state:idle", "13", "state:idle", "state is there already", "Leave one"},
            {"text:a b", "8", "b", "a text is there already", "Leave one"},
            {"a \"b c", "3", "\"b c", "this quotation mark has no other", ""},
        };
        for (String[] row : table) {
            if (row[0].equals("memory>=99999999T")) {
                assertEquals(99999999L << 20, read(row[0]).get(ResourceField.MEMORY_MB));
                continue;
            }
            QrmException refused = assertThrows(row[0], QrmException.class, () -> read(row[0]));
            assertEquals(row[0], row[2], refused.problem().subject());
            String sentence = refused.getMessage();
            assertTrue(sentence, sentence.contains("at character " + row[1] + ", "));
            assertTrue(sentence, sentence.contains(row[3]));
            assertTrue(sentence, refused.problem().remedy().contains(row[4]));
        }
        assertThrows(QrmException.class, () -> read("x".repeat(QueryText.LONGEST + 1)));
    }

    @Test
    public void aListWithoutTextsSaysSo() {
        ListQuery<ShortListTest.Field> list = ListQuery.of(Sort.by(ShortListTest.Field.ID));
        QrmException refused = assertThrows(
                QrmException.class, () -> QueryText.parse("colour:red web").narrow(Filter.all(), list));
        assertTrue(refused.getMessage(), refused.getMessage().contains("at character 12, there is no text"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("Fields are: colour."));
    }

    @Test
    public void fieldsAreSpelledInOneWayEach() {
        for (ListQuery<?> list : LISTS) {
            Set<String> spelled = new HashSet<>();
            list.fields().stream()
                    .filter(field -> ((ListField) field).use().narrows())
                    .forEach(field -> assertTrue(field + " twice", spelled.add(QueryText.spelled((ListField) field))));
        }
    }

    /** Filters as they are written in some order are read as they were; each list by each of its fields. */
    @Test
    public void readsWhatIsWritten() {
        Random random = new Random(19);
        for (int round = 0; round < 2000; round++) {
            ListQuery<?> list = LISTS.get(random.nextInt(LISTS.size()));
            assertReadsBack(list, random);
        }
    }

    private static <F extends Enum<F> & ListField> void assertReadsBack(ListQuery<F> list, Random random) {
        Filter<F> filter = Filter.all();
        List<String> words = new ArrayList<>();
        for (F field : list.fields()) {
            if (field.use().narrows() && random.nextInt(3) == 0) {
                String text = value(field, random);
                filter = filter.and(field, list.filters().get(field).read(text));
                String operator = field.use().least() ? List.of(":", ">=").get(random.nextInt(2)) : ":";
                String name = random.nextBoolean() ? QueryText.spelled(field) : field.word();
                words.add(name + operator + (text.contains(" ") ? '"' + text + '"' : text));
            }
        }
        Collections.shuffle(words, random);
        String line = String.join(" ".repeat(1 + random.nextInt(2)), words);
        assertEquals(line, filter, QueryText.parse(line).narrow(Filter.all(), list));
    }

    private static String value(ListField field, Random random) {
        Class<?> type = field.use().type();
        if (type.isEnum()) {
            List<String> all = Words.all(type);
            return all.get(random.nextInt(all.size()));
        }
        return switch (type.getSimpleName()) {
            case "Boolean" -> Boolean.toString(random.nextBoolean());
            case "Instant" -> "2026-01-31T12:00:0" + random.nextInt(10) + "Z";
            case "String" ->
                field.word().equals("tag")
                        ? List.of("gpu", "rack=7", "a=b:c").get(random.nextInt(3))
                        : List.of("web1", "a b", "x=y", "a:b>=c", "é").get(random.nextInt(5));
            default -> Integer.toString(random.nextInt(100_000));
        };
    }

    /** Whatever is typed either narrows the list or is refused with the word and its place; nothing else comes of it. */
    @Test
    public void whateverIsTypedIsUnderstoodOrRefusedAtItsPlace() {
        Random random = new Random(5);
        String[] pieces = {
            "state", "memory", "tag", "cpus", "web", "error", ":", ">=", ">", "<", "=", "!=", "\"", " ", "  ", "64G",
            "7", "-", "|", "%", "é", "aa:bb", "\t", "rack=7", "\u202e", "\ud83d"
        };
        int refusals = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder typed = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                typed.append(pieces[random.nextInt(pieces.length)]);
            }
            String line = typed.toString();
            try {
                read(line);
            } catch (QrmException refused) {
                refusals++;
                Matcher place = PLACE.matcher(refused.problem().reason());
                assertTrue(line + ": " + refused.getMessage(), place.lookingAt());
                int at = Integer.parseInt(place.group(1));
                assertTrue(line, at >= 1 && at <= line.length());
                String word = refused.problem().subject();
                assertTrue(
                        line + " / " + word,
                        !word.isEmpty() && !refused.problem().remedy().isEmpty());
                assertTrue(
                        line + " / " + word,
                        Name.printable(line.substring(at - 1)).startsWith(word)
                                || word.startsWith("\"")
                                || refused.problem().reason().contains("text"));
            }
        }
        assertTrue(refusals + " of 20000 is no good part of both", refusals > 2_000 && refusals < 18_000);
    }
}
