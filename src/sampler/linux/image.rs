//! A program or library as its file has it: how to unwind its stacks, and which line an address belongs to.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use framehop::{ExplicitModuleSectionInfo, Module};
use gimli::{EndianArcSlice, LittleEndian, Reader as _};
use object::read::elf::ElfFile64;
use object::{Object as _, ObjectSection as _, ObjectSegment as _, SegmentFlags};

/// Files larger than this are not read.
const LARGEST: u64 = 2 << 30;

/// Bytes of a section.
pub(super) type Bytes = Arc<[u8]>;
/// A reader of them.
pub(super) type Reader = EndianArcSlice<LittleEndian>;

/// A program or library.
pub(super) struct Image {
    /// What its compilers wrote about themselves.
    pub(super) made_by: Vec<u8>,
    /// Its lines; `None` if it was built without.
    pub(super) lines: Option<addr2line::Context<Reader>>,
    /// The same with all else that debugging information tells.
    pub(super) dwarf: Option<Arc<gimli::Dwarf<Reader>>>,
    /// Where the code stands in the file, and at which address.
    segments: Vec<(Range<u64>, u64)>,
    text: Option<Range<u64>>,
    frames: [Option<(Range<u64>, Bytes)>; 2],
}

/// A line of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) function: String,
}

impl Image {
    /// Reads a file; `None` if it is no program of this machine's.
    pub(super) fn read(path: &Path) -> Option<Image> {
        if fs::metadata(path).ok()?.len() > LARGEST {
            return None;
        }
        let bytes: Bytes = fs::read(path).ok()?.into();
        let file = ElfFile64::<object::LittleEndian>::parse(&*bytes).ok()?;
        let whole = Reader::new(Arc::clone(&bytes), LittleEndian);
        let section = |name: &str| {
            let section = file.section_by_name(name)?;
            let address = section.address();
            let data: Bytes = section.data().ok()?.into();
            Some((address..address + section.size(), data))
        };
        let executable = file.segments().filter(|segment| {
            matches!(segment.flags(), SegmentFlags::Elf { p_flags, .. } if p_flags.contains(object::elf::PF_X))
        });
        let segments = executable.map(|segment| {
            let (from, size) = segment.file_range();
            (from..from + size, segment.address())
        });
        let has_lines = file.section_by_name(".debug_info").is_some();
        let part = |name: &str| {
            let (from, size) = file.section_by_name(name)?.file_range()?;
            let mut part = whole.clone();
            part.skip(usize::try_from(from).ok()?).ok()?;
            part.truncate(usize::try_from(size).ok()?).ok()?;
            Some(part)
        };
        let dwarf = has_lines.then(|| dwarf(part)).flatten();
        Some(Image {
            made_by: section(".comment")
                .map(|(_, data)| data.to_vec())
                .unwrap_or_default(),
            lines: dwarf
                .clone()
                .and_then(|dwarf| addr2line::Context::from_arc_dwarf(dwarf).ok()),
            dwarf,
            segments: segments.collect(),
            text: section(".text").map(|(range, _)| range),
            frames: [section(".eh_frame"), section(".eh_frame_hdr")],
        })
    }

    /// What is to be added to the file's addresses where the stretch at `offset` is mapped at `address`.
    pub(super) fn bias(&self, offset: u64, address: u64) -> Option<u64> {
        // A mapping begins at a page, which may be before its segment.
        let page =
            |(file, _): &&(Range<u64>, u64)| (file.start & !0xfff..file.end).contains(&offset);
        let (file, at) = self.segments.iter().find(page)?;
        Some(address.wrapping_sub(at.wrapping_add(offset).wrapping_sub(file.start)))
    }

    /// What the unwinder needs of it, where it is mapped at `addresses`.
    pub(super) fn module(&self, name: String, addresses: Range<u64>, bias: u64) -> Module<Bytes> {
        let [frames, index] = &self.frames;
        let range = |section: &Option<(Range<u64>, Bytes)>| {
            section.as_ref().map(|(range, _)| range.clone())
        };
        let data =
            |section: &Option<(Range<u64>, Bytes)>| section.as_ref().map(|(_, data)| data.clone());
        let sections = ExplicitModuleSectionInfo {
            base_svma: 0,
            text_svma: self.text.clone(),
            eh_frame_svma: range(frames),
            eh_frame: data(frames),
            eh_frame_hdr_svma: range(index),
            eh_frame_hdr: data(index),
            ..ExplicitModuleSectionInfo::default()
        };
        Module::new(name, addresses, bias, sections)
    }

    /// The lines at an address of the file, the innermost of inlined functions first.
    pub(super) fn lines_at(&self, address: u64) -> Vec<Line> {
        let Some(context) = &self.lines else {
            return Vec::new();
        };
        let Ok(mut frames) = context.find_frames(address).skip_all_loads() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        while let Ok(Some(frame)) = frames.next() {
            let function = frame.function.as_ref();
            let function = function.and_then(|function| function.demangle().ok());
            let place = frame.location.as_ref();
            found.push(Line {
                file: place
                    .and_then(|place| place.file)
                    .unwrap_or_default()
                    .into(),
                line: place.and_then(|place| place.line).unwrap_or(0),
                function: function.map(|name| without_hash(&name)).unwrap_or_default(),
            });
        }
        found
    }
}

fn dwarf(section: impl Fn(&str) -> Option<Reader>) -> Option<Arc<gimli::Dwarf<Reader>>> {
    let load = |id: gimli::SectionId| {
        let none = || Reader::new(Arc::from([]), LittleEndian);
        Ok::<_, gimli::Error>(section(id.name()).unwrap_or_else(none))
    };
    gimli::Dwarf::load(load).ok().map(Arc::new)
}

/// A name without the `::h0123456789abcdef` that tells apart instances of a function.
fn without_hash(name: &str) -> String {
    let hash = name
        .rsplit_once("::h")
        .filter(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hash.map_or(name, |(name, _)| name).to_string()
}
