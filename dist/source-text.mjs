// src/sql/source-text.ts
const checkpointEvery = 512;
function sourceText(text) {
	return /[\u0080-\uffff]/.test(text) ? textOfManySizes(text) : textOfBytes(text);
}
function textOfBytes(text) {
	const lineOffsets = [0];
	lineEnd.lastIndex = 0;
	while (lineEnd.test(text)) lineOffsets.push(lineEnd.lastIndex);
	const locate = (target) => {
		const offset = Math.max(0, Math.min(target, text.length));
		const line = lastAtOrBefore(lineOffsets, offset);
		return {
			byte: offset,
			offset,
			line: line + 1,
			column: offset - (lineOffsets[line] ?? 0) + 1
		};
	};
	return {
		text,
		byteLength: text.length,
		atByte: locate,
		atCodePoint: locate,
		atOffset: locate,
		lineText: (wanted) => lineOf(text, lineOffsets, wanted)
	};
}
const lineEnd = /\r\n?|\n/g;
function lineOf(text, lineOffsets, wanted) {
	const from = lineOffsets[wanted - 1];
	if (from === void 0) return "";
	return text.slice(from, lineOffsets[wanted] ?? text.length).replace(/\r?\n$|\r$/, "");
}
function textOfManySizes(text) {
	const points = {
		byte: [0],
		codePoint: [0],
		offset: [0],
		line: [1],
		column: [1]
	};
	const lineOffsets = [0];
	let byte = 0;
	let codePoint = 0;
	let line = 1;
	let column = 1;
	let sinceCheckpoint = 0;
	for (let offset = 0; offset < text.length;) {
		const unit = text.charCodeAt(offset);
		const size = unitsAt(text, offset, unit);
		byte += bytesOf(unit, size);
		codePoint += 1;
		column += 1;
		offset += size;
		sinceCheckpoint += 1;
		const newLine = unit === 10 || unit === 13 && text.charCodeAt(offset) !== 10;
		if (newLine) {
			line += 1;
			column = 1;
			lineOffsets.push(offset);
		}
		if (newLine || sinceCheckpoint === checkpointEvery) {
			sinceCheckpoint = 0;
			points.byte.push(byte);
			points.codePoint.push(codePoint);
			points.offset.push(offset);
			points.line.push(line);
			points.column.push(column);
		}
	}
	const locate = (axis, target) => {
		const start = lastAtOrBefore(points[axis], target);
		const at = {
			byte: points.byte[start] ?? 0,
			codePoint: points.codePoint[start] ?? 0,
			offset: points.offset[start] ?? 0,
			column: points.column[start] ?? 1
		};
		while (at[axis] < target && at.offset < text.length) {
			const unit = text.charCodeAt(at.offset);
			const size = unitsAt(text, at.offset, unit);
			at.byte += bytesOf(unit, size);
			at.offset += size;
			at.codePoint += 1;
			at.column += 1;
		}
		return {
			byte: at.byte,
			offset: at.offset,
			line: points.line[start] ?? 1,
			column: at.column
		};
	};
	return {
		text,
		byteLength: byte,
		atByte: (target) => locate("byte", target),
		atCodePoint: (target) => locate("codePoint", target),
		atOffset: (target) => locate("offset", target),
		lineText: (wanted) => lineOf(text, lineOffsets, wanted)
	};
}
function unitsAt(text, offset, unit) {
	if (unit < 55296 || unit > 56319) return 1;
	const next = text.charCodeAt(offset + 1);
	return next >= 56320 && next <= 57343 ? 2 : 1;
}
function bytesOf(unit, units) {
	if (units === 2) return 4;
	if (unit < 128) return 1;
	return unit < 2048 ? 2 : 3;
}
function lastAtOrBefore(sorted, target) {
	let low = 0;
	let high = sorted.length - 1;
	while (low < high) {
		const middle = low + high + 1 >> 1;
		if ((sorted[middle] ?? 0) <= target) low = middle;
		else high = middle - 1;
	}
	return low;
}
export { sourceText as t };
