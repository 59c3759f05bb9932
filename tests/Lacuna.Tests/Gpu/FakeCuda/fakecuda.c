/*
 * A CUDA driver without a device: it keeps contexts, modules and functions as the real one does, checks what the real one checks of them, and
 * writes down every call that changes something or launches. Tests open a copy of the library each, so that none sees another's state.
 *
 *   fake_log()            all calls so far, one a line
 *   fake_fail(call, code) that call fails from now on; 0 mends it
 *   fake_set(name, value) what a device is: "multiprocessors", "groups" (resident on one of them), "major", "minor"
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_VALUE = 1, INVALID_DEVICE = 101, INVALID_IMAGE = 200, INVALID_CONTEXT = 201, INVALID_HANDLE = 400, NOT_FOUND = 500 };
enum { DEVICES = 2, FIRST_CONTEXT = 0xc0, MOST = 256 };

struct function { int module; char name[128]; };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static char *lines;
static size_t used, room;
static struct { char call[64]; int code; } failures[MOST];
static int failing, modules, functions, events, retained[DEVICES], multiprocessors = 4, groups = 3, major = 9, minor = 0;
static char *images[MOST];
static struct function found[MOST];
static __thread intptr_t contexts[16];
static __thread int depth;

static void say(const char *format, ...)
{
    char line[16384];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line - 1, format, values);
    va_end(values);
    line[length++] = '\n';
    pthread_mutex_lock(&gate);
    if (used + length + 1 > room)
        lines = realloc(lines, room = 2 * (used + length + 1));
    memcpy(lines + used, line, length);
    lines[used += length] = 0;
    pthread_mutex_unlock(&gate);
}

static int fault(const char *call)
{
    for (int i = 0; i < failing; i++)
        if (strcmp(failures[i].call, call) == 0 && failures[i].code)
            return failures[i].code;
    return SUCCESS;
}

#define MAY_FAIL do { int code = fault(__func__); if (code) return code; } while (0)
#define IN_CONTEXT do { if (!depth) return INVALID_CONTEXT; } while (0)

const char *fake_log(void) { return lines ? lines : ""; }

void fake_fail(const char *call, int code)
{
    for (int i = 0; i < failing; i++)
        if (strcmp(failures[i].call, call) == 0) { failures[i].code = code; return; }
    snprintf(failures[failing].call, sizeof failures[failing].call, "%s", call);
    failures[failing++].code = code;
}

void fake_set(const char *name, int value)
{
    if (!strcmp(name, "multiprocessors")) multiprocessors = value;
    else if (!strcmp(name, "groups")) groups = value;
    else if (!strcmp(name, "major")) major = value;
    else if (!strcmp(name, "minor")) minor = value;
    else abort();
}

int cuInit(unsigned flags) { MAY_FAIL; return flags ? INVALID_VALUE : SUCCESS; }

int cuDriverGetVersion(int *version) { MAY_FAIL; *version = 12040; return SUCCESS; }

int cuDeviceGet(int *device, int index)
{
    MAY_FAIL;
    if (index < 0 || index >= DEVICES) return INVALID_DEVICE;
    *device = index;
    return SUCCESS;
}

int cuDeviceGetName(char *name, int length, int device) { MAY_FAIL; snprintf(name, length, "Fake %d", device); return SUCCESS; }

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    MAY_FAIL;
    (void)device;
    switch (attribute)
    {
        case 16: *value = multiprocessors; return SUCCESS;
        case 75: *value = major; return SUCCESS;
        case 76: *value = minor; return SUCCESS;
        default: return INVALID_VALUE;
    }
}

int cuDevicePrimaryCtxRetain(intptr_t *context, int device)
{
    MAY_FAIL;
    retained[device]++;
    *context = FIRST_CONTEXT + device;
    say("retain %d", device);
    return SUCCESS;
}

int cuDevicePrimaryCtxRelease_v2(int device)
{
    MAY_FAIL;
    if (!retained[device]) return INVALID_CONTEXT;
    retained[device]--;
    say("release %d", device);
    return SUCCESS;
}

int cuCtxPushCurrent_v2(intptr_t context)
{
    MAY_FAIL;
    if (depth == 16) return INVALID_VALUE;
    contexts[depth++] = context;
    return SUCCESS;
}

int cuCtxPopCurrent_v2(intptr_t *context)
{
    MAY_FAIL;
    IN_CONTEXT;
    *context = contexts[--depth];
    return SUCCESS;
}

/* Not one of those the engine calls: what a test asks after it. */
int cuCtxGetCurrent(intptr_t *context) { *context = depth ? contexts[depth - 1] : 0; return SUCCESS; }

int cuModuleLoadDataEx(intptr_t *module, const char *image, unsigned count, const int *options, void **values)
{
    IN_CONTEXT;
    int code = fault(__func__);
    if (!code && !strstr(image, ".entry")) code = INVALID_IMAGE;
    for (unsigned i = 0; i + 1 < count; i++)
        if (options[i] == 5 && options[i + 1] == 6 && code)
            snprintf(values[i], (size_t)values[i + 1], "ptxas fatal: the fake compiler refuses line 1: %.20s", image);
    if (code) return code;
    images[modules] = strdup(image);
    *module = 0x100 + modules++;
    say("load %zu bytes as module %d in context %lx", strlen(image), (int)*module, (long)contexts[depth - 1]);
    return SUCCESS;
}

int cuModuleUnload(intptr_t module)
{
    MAY_FAIL;
    IN_CONTEXT;
    say("unload module %d in context %lx", (int)module, (long)contexts[depth - 1]);
    return SUCCESS;
}

int cuModuleGetFunction(struct function **function, intptr_t module, const char *name)
{
    MAY_FAIL;
    IN_CONTEXT;
    if (module < 0x100 || module >= 0x100 + modules) return INVALID_HANDLE;
    char entry[160];
    snprintf(entry, sizeof entry, ".entry %s(", name);
    if (!strstr(images[module - 0x100], entry)) return NOT_FOUND;
    struct function *made = &found[functions++];
    made->module = (int)module;
    snprintf(made->name, sizeof made->name, "%s", name);
    *function = made;
    return SUCCESS;
}

int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *resident, struct function *function, int threads, size_t shared)
{
    MAY_FAIL;
    IN_CONTEXT;
    if (!function || threads < 1 || shared) return INVALID_VALUE;
    *resident = groups;
    return SUCCESS;
}

int cuLaunchKernel(struct function *function, unsigned x, unsigned y, unsigned z, unsigned threads, unsigned threadsY, unsigned threadsZ,
    unsigned shared, intptr_t stream, void **parameters, void **extras)
{
    MAY_FAIL;
    IN_CONTEXT;
    if (parameters || !extras || (intptr_t)extras[0] != 1 || (intptr_t)extras[2] != 2 || extras[4]) return INVALID_VALUE;
    if (!x || !y || z != 1 || !threads || threads > 1024 || y > 65535) return INVALID_VALUE;
    const unsigned char *bytes = extras[1];
    size_t count = *(size_t *)extras[3];
    char hex[8193] = "";
    for (size_t i = 0; i < count && i < 4096; i++)
        sprintf(hex + 2 * i, "%02x", bytes[i]);
    say("launch %s grid %u %u group %u %u %u shared %u stream %lx context %lx parameters %s",
        function->name, x, y, threads, threadsY, threadsZ, shared, (long)stream, (long)contexts[depth - 1], hex);
    return SUCCESS;
}

int cuEventCreate(intptr_t *event, unsigned flags) { MAY_FAIL; IN_CONTEXT; (void)flags; *event = 0x200 + events++; return SUCCESS; }

int cuEventRecord(intptr_t event, intptr_t stream)
{
    MAY_FAIL;
    IN_CONTEXT;
    say("record event %lx stream %lx context %lx", (long)event, (long)stream, (long)contexts[depth - 1]);
    return SUCCESS;
}

int cuEventSynchronize(intptr_t event) { MAY_FAIL; IN_CONTEXT; say("wait for event %lx", (long)event); return SUCCESS; }

int cuEventElapsedTime(float *milliseconds, intptr_t start, intptr_t end) { MAY_FAIL; IN_CONTEXT; *milliseconds = 0.5f * (end - start); return SUCCESS; }

int cuEventDestroy_v2(intptr_t event) { MAY_FAIL; IN_CONTEXT; say("destroy event %lx", (long)event); return SUCCESS; }

int cuGetErrorName(int code, const char **name)
{
    *name = code == 1 ? "CUDA_ERROR_INVALID_VALUE" : code == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : code == 100 ? "CUDA_ERROR_NO_DEVICE" : code == 201 ? "CUDA_ERROR_INVALID_CONTEXT"
        : code == 218 ? "CUDA_ERROR_INVALID_PTX" : code == 500 ? "CUDA_ERROR_NOT_FOUND" : code == 700 ? "CUDA_ERROR_ILLEGAL_ADDRESS" : code == 701 ? "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES" : NULL;
    return *name ? SUCCESS : INVALID_VALUE;
}

int cuGetErrorString(int code, const char **text)
{
    *text = code == 700 ? "an illegal memory access was encountered" : NULL;
    return *text ? SUCCESS : INVALID_VALUE;
}
